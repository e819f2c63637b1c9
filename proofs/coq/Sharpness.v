(** Sharpness and necessity: witnesses in the plane; and the erratum of the summary. *)
From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From W2S Require Import Floors InnerSpace Instances Shrinkage Flow Limits.
Open Scope R_scope.

(** ** The witness: target, least squares teacher of loss [L], nearest point of the ball *)
Definition unit_x : R2 := (1, 0).
Definition plane_teacher (L : R) : R2 := (1 - L, sqrt (L * (1 - L))).
Definition nearest_student (L : R) : R2 :=
  let half : R2 := vscale (1 / 2) (plane_teacher L) in
  vadd half (vscale (sqrt ((1 - L) / (1 + 3 * L))) (vsub unit_x half)).

Lemma plane_teacher_spec (L : R) :
  0 <= L <= 1 ->
  ip (plane_teacher L) (vsub unit_x (plane_teacher L)) = 0 /\ loss (plane_teacher L) unit_x = L.
Proof.
  intro HL. pose proof (sqrt_sqrt (L * (1 - L)) ltac:(nra)). unfold plane_teacher, loss, sqnorm.
  cbn. set (s := sqrt _) in *. split; nra.
Qed.

Lemma nearest_student_spec (L : R) :
  0 <= L <= 1 ->
  ip (nearest_student L) (vsub (plane_teacher L) (nearest_student L)) = 0 /\
  loss (nearest_student L) unit_x = shrinkage_floor L.
Proof.
  intro HL. unfold nearest_student, plane_teacher, shrinkage_floor, loss, sqnorm.
  assert (Hs := sqrt_sqrt (L * (1 - L)) ltac:(nra)).
  assert (Hq : 0 <= (1 - L) / (1 + 3 * L)) by (apply Rmult_le_pos; [| apply Rlt_le, Rinv_0_lt_compat]; lra).
  replace (sqrt ((1 + 3 * L) * (1 - L))) with (sqrt ((1 - L) / (1 + 3 * L)) * (1 + 3 * L)).
  2: { replace ((1 + 3 * L) * (1 - L)) with ((1 - L) / (1 + 3 * L) * ((1 + 3 * L) * (1 + 3 * L)))
         by (field; lra).
       rewrite sqrt_mult, sqrt_square; nra. }
  apply sqrt_sqrt in Hq. set (q := sqrt (_ / _)) in *. set (s := sqrt (L * (1 - L))) in *.
  assert (Hq' : q * q * (1 + 3 * L) = 1 - L) by (rewrite Hq; field; lra).
  cbn. split.
  - transitivity (((1 - L) * (1 - L) + s * s) / 4 - q * q * ((1 + L) * (1 + L) + s * s) / 4);
      [field | rewrite Hs; lra].
  - transitivity ((1 - q) * (1 - q) * ((1 + L) * (1 + L) + s * s) / 4); [field | rewrite Hs; lra].
Qed.

(** ** Theorem 4.1 is sharp *)

Lemma floors_touch : shrinkage_floor (2 / 3) = quadratic_floor (2 / 3).
Proof.
  unfold shrinkage_floor, quadratic_floor.
  replace ((1 + 3 * (2 / 3)) * (1 - 2 / 3)) with (1 * 1) by field. rewrite sqrt_square; lra.
Qed.

Lemma floor_attained (L : R) :
  0 <= L <= 1 ->
  exists target fT fS : R2,
    sqnorm target = 1 /\ least_squares (span (fun _ => fT) 1) target fT /\
    shrinkage_optimal fT fS /\ loss fT target = L /\ loss fS target = shrinkage_floor L.
Proof.
  intro HL. destruct (plane_teacher_spec L HL) as [T1 T2].
  destruct (nearest_student_spec L HL) as [S1 S2].
  exists unit_x, (plane_teacher L), (nearest_student L).
  split; [unfold sqnorm; cbn; ring |]. split; [now apply one_feature_teacher |].
  split; [apply shrinkage_iff_ip; lra | split; trivial].
Qed.

(** A student of one feature [f], [<f, fT - f> = 0], tends to [f]: its loss to that of [f]. *)
Lemma flow_limit {V : inner_space} (target fT f : V) (eps : R) :
  sqnorm target = 1 -> ip f (vsub fT f) = 0 -> 0 < eps ->
  exists t, 0 <= t /\
    loss (network (fun _ => f) 1 (fun _ t => flow_filter t (sqnorm f)) t) target
    <= loss f target + eps.
Proof.
  intros Ht Hf Heps.
  assert (N : forall s, loss (vadd vzero (vscale s f)) target
    = loss f target + (1 - s) * (2 * ip f (vsub target f)) + (1 - s) * (1 - s) * sqnorm f).
  { intro s. expand. rewrite (ip_sym V target f). ring. }
  destruct (Req_dec (sqnorm f) 0) as [Z | Z].
  - exists 0. split; [lra |]. unfold network. cbn. rewrite N, Z.
    assert (C := cauchy_schwarz_sqr f (vsub target f)). rewrite Z in C.
    assert (ip f (vsub target f) = 0) as -> by nra. lra.
  - pose proof (sqnorm_pos f) as P. set (B := 2 * Rabs (ip f (vsub target f)) + sqnorm f).
    assert (HB : 0 < B) by (pose proof (Rabs_pos (ip f (vsub target f))); unfold B; lra).
    assert (exists d, 0 < d <= 1 /\ d * B <= eps) as (d & Hd).
    { assert (Q : 0 < eps / B) by (apply Rdiv_lt_0_compat; lra).
      exists (Rmin 1 (eps / B)). split; [split; [apply Rmin_glb_lt; lra | apply Rmin_l] |].
      replace eps with (eps / B * B) at 2 by (field; lra).
      apply Rmult_le_compat_r; [lra | apply Rmin_r]. }
    exists (- ln d / sqnorm f). split.
    + apply Rmult_le_pos; [| apply Rlt_le, Rinv_0_lt_compat; lra].
      destruct (Rle_lt_or_eq_dec d 1) as [L | ->]; [lra | | rewrite ln_1; lra].
      apply ln_increasing in L; [rewrite ln_1 in L |]; lra.
    + unfold network. cbn. rewrite N. unfold flow_filter.
      replace (- (_ * _)) with (ln d) by (field; trivial). rewrite exp_ln by lra.
      pose proof (Rmult_le_compat_l d _ _ ltac:(lra) (Rle_abs (ip f (vsub target f)))).
      pose proof (Rmult_le_pos (d * (1 - d)) _ ltac:(nra) P). unfold B in Hd. lra.
Qed.

Lemma floor_approached (L eps : R) :
  0 <= L <= 1 -> 0 < eps ->
  exists target fT fS : R2,
    weak_to_strong target fT fS /\ loss fT target = L /\ loss fS target <= shrinkage_floor L + eps.
Proof.
  intros HL He. destruct (plane_teacher_spec L HL) as [T1 T2].
  destruct (nearest_student_spec L HL) as [S1 S2].
  assert (U : sqnorm unit_x = 1) by (unfold sqnorm; cbn; ring).
  destruct (flow_limit unit_x _ _ eps U S1 He) as (t & Ht & Hl).
  exists unit_x, (plane_teacher L), (network (fun _ => nearest_student L) 1
    (fun _ t => flow_filter t (sqnorm (nearest_student L))) t).
  split; [| split; [trivial | lra]]. split; [trivial | split].
  - exists (fun _ => plane_teacher L), 1%nat. now apply one_feature_teacher.
  - eexists _, _, _, t. split; [exact Ht | split; [| reflexivity]]. now apply one_feature_student.
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
Proof. intro HL. split; [now apply floor_attained | intros; now apply floor_approached]. Qed.

(** [thm-4.1-best] The floors touch at [L = 2/3], so no constant above 3/4 works. *)
Theorem thm_4_1_best :
  (forall L, (1 + L - 3 / 2 * L ^ 2) ^ 2 - (1 + 3 * L) * (1 - L) = L ^ 2 * (1 - 3 / 2 * L) ^ 2) /\
  shrinkage_floor (2 / 3) = quadratic_floor (2 / 3) /\
  forall c, 3 / 4 < c -> exists target fT fS : R2,
    weak_to_strong target fT fS /\ loss fS target < c * loss fT target ^ 2.
Proof.
  split; [intro; field | split; [exact floors_touch |]]. intros c Hc.
  destruct (floor_approached (2 / 3) ((c - 3 / 4) / 9)) as (f & fT & fS & H & L & S); try lra.
  exists f, fT, fS. split; trivial. rewrite L. rewrite floors_touch in S.
  unfold quadratic_floor in S. lra.
Qed.

(** [thm-4.1-needs-teacher] Without the teacher's optimality the bound fails, at every loss. *)
Theorem thm_4_1_needs_teacher (L : R) :
  0 < L ->
  exists target fT fS : R2,
    sqnorm target = 1 /\ shrinkage_optimal fT fS /\ loss fT target = L /\
    loss fS target < quadratic_floor L.
Proof.
  intro HL. pose proof (sqrt_sqrt L ltac:(lra)) as E. pose proof (sqrt_pos L) as P.
  exists unit_x, ((1 + sqrt L, 0) : R2), unit_x. repeat split.
  - unfold sqnorm. cbn. ring.
  - apply shrinkage_iff_ip. cbn. lra.
  - unfold loss, sqnorm. cbn. lra.
  - unfold loss, sqnorm, quadratic_floor. cbn. nra.
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
  intro HL. destruct (plane_teacher_spec L HL) as [T1 T2].
  pose proof (sqrt_sqrt (1 - L) ltac:(lra)). pose proof (sqrt_sqrt (L * (1 - L)) ltac:(nra)).
  split.
  - unfold bounded_floor. pose proof (sqrt_pos (1 - L)). apply pow_incr. set (s := sqrt _) in *.
    assert (s <= 1) by nra. split; [lra |].
    apply Rmult_le_reg_r with (2 - L); [lra |]. field_simplify; nra.
  - exists unit_x, (plane_teacher L).
    split; [unfold sqnorm; cbn; ring | split; [now apply one_feature_teacher | split; [trivial |]]].
    split; [apply vnorm_le; unfold sqnorm | unfold loss, sqnorm, bounded_floor]; cbn; nra.
Qed.

(** ** The summary's printed inequality *)

Lemma power_below_square (c beta L : R) :
  0 < c -> 2 < beta -> 0 < L < Rpower (3 / (4 * c)) (/ (beta - 2)) ->
  c * Rpower L beta < quadratic_floor L.
Proof.
  intros Hc Hb [L0 L1]. unfold quadratic_floor.
  replace beta with ((beta - 2) + 2) by ring. rewrite Rpower_plus.
  replace (Rpower L 2) with (L ^ 2) by (rewrite <- Rpower_pow by trivial; f_equal; cbn; ring).
  rewrite <- Rmult_assoc. apply Rmult_lt_compat_r; [apply pow_lt; trivial |].
  assert (P : Rpower L (beta - 2) < 3 / (4 * c)).
  { unfold Rpower. rewrite <- (exp_ln (3 / (4 * c))) by (apply Rdiv_lt_0_compat; lra).
    apply exp_increasing. apply ln_increasing in L1; trivial.
    unfold Rpower in L1. rewrite ln_exp in L1.
    apply Rmult_lt_compat_l with (r := beta - 2) in L1; [| lra].
    rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in L1; lra. }
  apply Rmult_lt_compat_l with (r := c) in P; trivial.
  replace (c * (3 / (4 * c))) with (3 / 4) in P by (field; lra). exact P.
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
  assert (G : forall c beta, 0 < c -> 2 < beta ->
    exists threshold, 0 < threshold /\
      forall (V : inner_space) (target fT fS : V), weak_to_strong target fT fS ->
        0 < loss fT target < threshold -> c * Rpower (loss fT target) beta < loss fS target).
  { intros c beta Hc Hb. exists (Rpower (3 / (4 * c)) (/ (beta - 2))). split; [apply exp_pos |].
    intros V target fT fS H HL. apply Rlt_le_trans with (2 := proj1 (cor_1 target fT fS H)).
    now apply power_below_square. }
  split; [exact G |]. intros (c & beta & radius & Hb & Hr & H).
  destruct (G (Rmax c 1) beta) as (d & Hd & F); trivial.
  { apply Rlt_le_trans with 1; [lra | apply Rmax_r]. }
  set (L := Rmin (Rmin d radius) 1 / 2).
  assert (HL : 0 < L < d /\ L < radius /\ L <= 1).
  { pose proof (Rmin_l (Rmin d radius) 1); pose proof (Rmin_r (Rmin d radius) 1).
    pose proof (Rmin_l d radius); pose proof (Rmin_r d radius).
    assert (0 < Rmin (Rmin d radius) 1) by (repeat apply Rmin_glb_lt; lra). unfold L. lra. }
  destruct (floor_approached L 1) as (f & fT & fS & W & E & _); try lra.
  specialize (H f fT fS W); specialize (F R2 f fT fS W). rewrite E in H, F.
  assert (c * Rpower L beta <= Rmax c 1 * Rpower L beta).
  { apply Rmult_le_compat_r; [apply Rlt_le, exp_pos | apply Rmax_l]. }
  lra.
Qed.
