(** Sharpness and necessity: witnesses in the plane; and the erratum of the summary. *)
From W2S Require Import Floors InnerSpace Shrinkage Flow Limits.

(** The plane, in which all witnesses live. *)
Definition R2 : inner_space.
Proof.
  refine {| carrier := R * R; vzero := (0, 0); vadd := fun x y => (fst x + fst y, snd x + snd y);
            vscale := fun a x => (a * fst x, a * snd x);
            ip := fun x y => fst x * fst y + snd x * snd y |}; intros; cbn; nra.
Defined.

(** ** The witness: target, least squares teacher of loss [L], nearest point of the ball *)
Definition unit_x : R2 := (1, 0).
Definition plane_teacher (L : R) : R2 := (1 - L, sqrt (L * (1 - L))).
Definition nearest_student (L : R) : R2 :=
  let half : R2 := vscale (1 / 2) (plane_teacher L) in
  vadd half (vscale (sqrt ((1 - L) / (1 + 3 * L))) (vsub unit_x half)).

Lemma unit_x_unit : sqnorm unit_x = 1. Proof. unfold sqnorm. cbn. ring. Qed.
Lemma plane_teacher_spec (L : R) :
  0 <= L <= 1 ->
  least_squares (span (fun _ => plane_teacher L) 1) unit_x (plane_teacher L) /\
  loss (plane_teacher L) unit_x = L.
Proof.
  intro HL. pose proof (sqrt_sqrt (L * (1 - L)) ltac:(nra)). unfold loss, sqnorm.
  split; [apply one_feature_teacher |]; cbn; nra.
Qed.
Lemma nearest_student_spec (L : R) :
  0 <= L <= 1 ->
  ip (nearest_student L) (vsub (plane_teacher L) (nearest_student L)) = 0 /\
  loss (nearest_student L) unit_x = shrinkage_floor L.
Proof.
  intro HL. unfold nearest_student, plane_teacher, shrinkage_floor, loss, sqnorm.
  assert (Hs := sqrt_sqrt (L * (1 - L)) ltac:(nra)). set (s := sqrt (L * (1 - L))) in *.
  assert (Q : 0 <= (1 - L) / (1 + 3 * L)) by (apply Rdiv_le_0_compat; lra).
  assert (Q0 := sqrt_pos ((1 - L) / (1 + 3 * L))). apply sqrt_sqrt in Q. set (q := sqrt (_ / _)) in *.
  assert (Q' : q * q * (1 + 3 * L) = 1 - L) by (rewrite Q; field; lra).
  replace (sqrt ((1 + 3 * L) * (1 - L))) with (q * (1 + 3 * L)) by
    (symmetry; apply sqrt_lem_1; [nra | nra | rewrite <- Q'; ring]).
  cbn. split; [nra | nra].
Qed.

(** ** Theorem 4.1 is sharp *)
(** A student of one feature [f], [<f, fT - f> = 0], tends to [f]: its loss to that of [f]. *)
Lemma flow_limit {V : inner_space} (target fT f : V) (eps : R) :
  ip f (vsub fT f) = 0 -> 0 < eps ->
  exists t, 0 <= t /\
    loss (network (fun _ => f) 1 (fun _ t => flow_filter t (sqnorm f)) t) target
    <= loss f target + eps.
Proof.
  intros Hf He. set (n := sqnorm f). set (p := ip f (vsub target f)).
  assert (N : forall t, loss (network (fun _ => f) 1 (fun _ t => flow_filter t n) t) target
    = loss f target + exp (- (n * t)) * (2 * p + exp (- (n * t)) * n)).
  { intro. unfold network, flow_filter, n, p. cbn. expand. ring. }
  pose proof (cauchy_schwarz_sqr f (vsub target f)) as C.
  pose proof (sqnorm_pos f) as P. fold n p in C, P. destruct P as [P | Z].
  - (* [exp (- q)] is at most [1 / q] *)
    pose proof (Rle_abs p). pose proof (Rabs_pos p). set (q := (2 * Rabs p + n) / eps).
    assert (Q : q * eps = 2 * Rabs p + n) by (unfold q; field; lra).
    assert (Q0 : 0 < q) by (apply Rdiv_lt_0_compat; lra). assert (E := exp_ineq1 q ltac:(lra)).
    exists (q / n). split; [apply Rdiv_le_0_compat; lra |]. rewrite N.
    replace (n * _) with q by (field; lra). rewrite exp_Ropp. set (y := exp q) in *.
    assert (I : / y * y = 1) by (field; lra). assert (J := Rinv_0_lt_compat y ltac:(lra)).
    set (x := / y) in *. assert (0 < x * (y - (1 + q))) by (apply Rmult_lt_0_compat; lra).
    assert (0 < x * q) by (now apply Rmult_lt_0_compat). assert (x * q * eps <= eps) by nra.
    assert (x * (2 * p + x * n) <= x * (q * eps)) by (apply Rmult_le_compat_l; nra). lra.
  - exists 0. split; [lra |]. rewrite N, <- Z in *. nra.
Qed.

(** [thm-4.1-sharp] For every [L] in [[0, 1]] a least squares teacher and a shrinkage optimal
    student attain the vector bound, and gradient flow on random features comes as close as one
    likes. *)
Theorem thm_4_1_sharp (L : R) :
  0 <= L <= 1 ->
  (exists target fT fS : R2,
    sqnorm target = 1 /\ least_squares (span (fun _ => fT) 1) target fT /\
    shrinkage_optimal fT fS /\ loss fT target = L /\ loss fS target = shrinkage_floor L) /\
  (forall eps, 0 < eps -> exists target fT fS : R2,
    weak_to_strong target fT fS /\ loss fT target = L /\ loss fS target <= shrinkage_floor L + eps).
Proof.
  intro HL. destruct (plane_teacher_spec L HL) as [T E], (nearest_student_spec L HL) as [S F]. split.
  - exists unit_x, (plane_teacher L), (nearest_student L). splits; trivial using unit_x_unit.
    apply shrinkage_iff_ip. lra.
  - intros eps He. destruct (flow_limit unit_x _ _ eps S He) as (t & Ht & G). eexists unit_x, _, _.
    split; [split; [exact unit_x_unit | split] | split; [exact E | rewrite <- F; exact G]].
    + eexists _, _. exact T.
    + eexists _, _, _, t. split; [exact Ht | split; [apply one_feature_student, S | reflexivity]].
Qed.

(** [thm-4.1-best] The floors touch at [L = 2/3], so no constant above 3/4 works. *)
Theorem thm_4_1_best :
  (forall L, (1 + L - 3 / 2 * L ^ 2) ^ 2 - (1 + 3 * L) * (1 - L) = L ^ 2 * (1 - 3 / 2 * L) ^ 2) /\
  shrinkage_floor (2 / 3) = quadratic_floor (2 / 3) /\
  forall c, 3 / 4 < c -> exists target fT fS : R2,
    weak_to_strong target fT fS /\ loss fS target < c * loss fT target ^ 2.
Proof.
  assert (T : shrinkage_floor (2 / 3) = quadratic_floor (2 / 3)).
  { unfold shrinkage_floor, quadratic_floor. rewrite (sqrt_lem_1 _ 1); lra. }
  split; [intro; field | split; [exact T |]]. intros c Hc.
  destruct (proj2 (thm_4_1_sharp (2 / 3) ltac:(lra)) ((c - 3 / 4) / 9)) as (f & fT & fS & H & L & S); try lra.
  exists f, fT, fS. split; trivial. rewrite L. rewrite T in S. unfold quadratic_floor in S. lra.
Qed.

(** [thm-4.1-needs-teacher] Without the teacher's optimality the bound fails, at every loss. *)
Theorem thm_4_1_needs_teacher (L : R) :
  0 < L ->
  exists target fT fS : R2,
    sqnorm target = 1 /\ shrinkage_optimal fT fS /\ loss fT target = L /\
    loss fS target < quadratic_floor L.
Proof.
  intro HL. pose proof (sqrt_sqrt L ltac:(lra)) as E. pose proof (sqrt_pos L) as P.
  exists unit_x, ((1 + sqrt L, 0) : R2), unit_x. unfold loss, sqnorm, quadratic_floor.
  splits; try apply shrinkage_iff_ip; cbn; nra.
Qed.

(** [thm-4.2-sharp] Attained by [sqrt (1 - L) target]; near 0 the floor is [L^2 / 4]. *)
Theorem thm_4_2_sharp (L : R) :
  0 <= L <= 1 ->
  bounded_floor L <= (L / (2 - L)) ^ 2 /\
  exists target fT : R2,
    sqnorm target = 1 /\ least_squares (span (fun _ => fT) 1) target fT /\ loss fT target = L /\
    let fS := vscale (sqrt (1 - L)) target in
    vnorm fS <= vnorm fT /\ loss fS target = bounded_floor L.
Proof.
  intro HL. destruct (plane_teacher_spec L HL). pose proof (sqrt_pos (1 - L)).
  pose proof (sqrt_sqrt (1 - L) ltac:(lra)). pose proof (sqrt_sqrt (L * (1 - L)) ltac:(nra)). split.
  - unfold bounded_floor. apply pow_incr. set (s := sqrt _) in *. assert (s <= 1) by nra.
    split; [lra |]. apply Rmult_le_reg_r with (2 - L); [lra |]. field_simplify; nra.
  - exists unit_x, (plane_teacher L). cbv zeta. splits; trivial using unit_x_unit;
      [apply vnorm_le |]; unfold loss, sqnorm, bounded_floor; cbn; nra.
Qed.

(** ** The summary's printed inequality *)
(** Below [(3 / (4 c)) ^ (1 / (beta - 2))] the quadratic floor exceeds [c L ^ beta]. *)
Lemma above_power (c beta L : R) :
  0 < c -> 2 < beta -> 0 < L < Rpower (3 / (4 * c)) (/ (beta - 2)) ->
  c * Rpower L beta < quadratic_floor L.
Proof.
  intros Hc Hb [L0 L1]. unfold quadratic_floor. assert (0 < 3 / (4 * c)) by (apply Rdiv_lt_0_compat; lra).
  replace beta with (2 + (beta - 2)) by ring. rewrite Rpower_plus, <- (Rpower_pow 2 L L0). cbn [INR].
  assert (Q := Rlt_Rpower_l L _ (beta - 2) ltac:(lra) (conj L0 L1)).
  rewrite Rpower_mult, Rinv_l, Rpower_1 in Q by lra. apply (Rmult_lt_compat_l c) in Q; trivial.
  replace (c * (3 / (4 * c))) with (3 / 4) in Q by (field; lra).
  assert (P := exp_pos (2 * ln L)). fold (Rpower L 2) in P. replace (1 + 1) with 2 by ring. nra.
Qed.
(** [err-1] The printed [L_ST <= c L_TE^beta], [beta > 2], fails in every setting whose teacher is
    good enough; such settings exist, so it is refuted, also as [L_TE -> 0]. *)
Theorem err_1 :
  (forall c beta, 0 < c -> 2 < beta ->
    exists threshold, 0 < threshold /\
      forall (V : inner_space) (target fT fS : V), weak_to_strong target fT fS ->
        0 < loss fT target < threshold -> c * Rpower (loss fT target) beta < loss fS target) /\
  ~ (exists c beta radius, 2 < beta /\ 0 < radius /\
      forall target fT fS : R2, weak_to_strong target fT fS ->
        0 < loss fT target < radius -> loss fS target <= c * Rpower (loss fT target) beta).
Proof.
  match goal with |- ?P /\ _ => assert (G : P) end.
  { intros c beta Hc Hb. exists (Rpower (3 / (4 * c)) (/ (beta - 2))). split; [apply exp_pos |].
    intros V target fT fS H HL. apply Rlt_le_trans with (2 := proj1 (cor_1 target fT fS H)).
    now apply above_power. }
  split; [exact G |]. intros (c & beta & radius & Hb & Hr & H). pose proof (Rmax_l c 1).
  destruct (G (Rmax c 1) beta) as (d & Hd & F); trivial; [pose proof (Rmax_r c 1); lra |].
  set (L := Rmin (Rmin d radius) 1 / 2). assert (HL : 0 < L < d /\ L < radius /\ L <= 1).
  { unfold L, Rmin. repeat destruct (Rle_dec _ _); lra. }
  destruct (proj2 (thm_4_1_sharp L ltac:(lra)) 1) as (f & fT & fS & W & E & _); try lra.
  specialize (H f fT fS W). specialize (F R2 f fT fS W). rewrite E in H, F.
  assert (P := exp_pos (beta * ln L)). fold (Rpower L beta) in P. nra.
Qed.
