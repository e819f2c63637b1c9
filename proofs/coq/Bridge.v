(** From the theorems to the ledger's numbers: what the printed claims of [Claims.v] are made of, and
    one tactic [prove_<theorem>] for each. *)
From W2S Require Export Floors InnerSpace Shrinkage Flow Limits Sharpness NStep Alignment Spectra.

(** A real power, of a base [>= 0] to an exponent [> 0]. *)
Definition power (x e : R) : R := if Rle_dec x 0 then 0 else Rpower x e.
Definition is_least (c : nat -> R) (n : nat) (m : R) : Prop :=
  (forall i, (i < n)%nat -> m <= c i) /\ (exists i, (i < n)%nat /\ c i = m).

Lemma power_pos x e : 0 < x -> power x e = Rpower x e.
Proof. intro H. unfold power. destruct (Rle_dec x 0); lra. Qed.
Lemma minimum_ext f g lo hi lo' hi' m :
  is_minimum f lo hi m -> lo' = lo -> hi' = hi -> (forall x, g x = f x) -> is_minimum g lo' hi' m.
Proof. intros [H (x & X & E)] -> -> F. split; [intros; rewrite F; auto | exists x; now rewrite F]. Qed.

(** The angle of a teacher of loss [L]. *)
Lemma angle_of L : 0 <= L <= 1 ->
  0 <= asin (sqrt L) <= PI / 2 /\ sin (asin (sqrt L)) ^ 2 = L /\ cos (asin (sqrt L)) = sqrt (1 - L).
Proof.
  intro HL. pose proof (sqrt_sqrt L ltac:(lra)). pose proof (sqrt_pos L). pose proof (asin_bound (sqrt L)).
  assert (S : sin (asin (sqrt L)) = sqrt L) by (apply sin_asin; nra). pose proof PI_RGT_0. splits; try lra.
  - apply Rnot_lt_le. intro N. pose proof (sin_lt_0_var (asin (sqrt L)) ltac:(lra) N). lra.
  - rewrite S. lra.
  - rewrite cos_asin by nra. f_equal. unfold Rsqr. lra.
Qed.

(** The turn of the nearest point of the ball: [2 phi = atan (2 tan theta)]. *)
Lemma nearest_turn theta (phi := 1 / 2 * atan (2 * tan theta)) :
  0 < cos theta -> cos theta ^ 2 * cos phi ^ 2 - 2 * cos theta * cos (theta - phi) * cos phi + 1
    = 1 / 2 * (1 + sin theta ^ 2 - sqrt ((1 + 3 * sin theta ^ 2) * (1 - sin theta ^ 2))).
Proof.
  intro K. pose proof (sin2_cos2 theta) as T. unfold Rsqr in T. set (r := sqrt (1 + (2 * tan theta)²)).
  assert (D : 2 * phi = atan (2 * tan theta)) by (unfold phi; field).
  assert (R0 : 0 < r) by (apply sqrt_lt_R0; pose proof (Rle_0_sqr (2 * tan theta)); lra).
  assert (RR : r * r = 1 + (2 * tan theta)²) by (apply sqrt_sqrt; pose proof (Rle_0_sqr (2 * tan theta)); lra).
  assert (C := cos_2a_cos phi). assert (S := sin_2a phi). rewrite D, cos_atan in C. rewrite D, sin_atan in S.
  fold r in C, S. rewrite cos_minus.
  replace (sqrt _) with (cos theta * (cos theta * r)).
  2: { symmetry. apply sqrt_lem_1; try nra. unfold tan, Rsqr in RR.
       replace (cos theta * (cos theta * r) * (cos theta * (cos theta * r)))
         with (cos theta * cos theta * (cos theta * cos theta * (r * r))) by ring. rewrite RR.
       field_simplify; [| lra]. nra. }
  assert (E : tan theta * cos theta = sin theta) by (unfold tan; field; lra).
  assert (I : / r * (r * r) = r) by (field; lra). rewrite RR in I. unfold Rsqr in I.
  set (t := tan theta) in *. set (c := cos theta) in *. rewrite <- E in *.
  assert (C' : cos phi * cos phi = (1 + / r) / 2) by lra.
  assert (S' : sin phi * cos phi = t * / r) by lra.
  replace (c ^ 2 * cos phi ^ 2 - 2 * c * (c * cos phi + t * c * sin phi) * cos phi + 1)
    with (1 - c * c * (cos phi * cos phi) - 2 * c * c * t * (sin phi * cos phi)) by ring.
  rewrite C', S'. rewrite <- I at 3. nra.
Qed.

(** If [p < n] some [a >= 0] fits better than 1: the projection, at [p <= 0] nothing at all. *)
Lemma better_scale n p q (a := Rmax 0 (/ n * p)) :
  0 <= n -> p * p <= n * q -> p < n -> n * a ^ 2 - n - 2 * p * a + 2 * p < 0.
Proof.
  intros N C H. destruct N as [N | <-]; [| nra]. pose proof (Rinv_0_lt_compat n N).
  unfold a, Rmax. destruct (Rle_dec 0 (/ n * p)) as [P | P].
  - replace (_ + _) with (- ((n - p) * (n - p) * / n)) by (field; lra).
    assert (0 < (n - p) * (n - p) * / n) by (apply Rmult_lt_0_compat; nra). lra.
  - assert (p <= 0) by (apply Rnot_lt_le; intro Q; nra). lra.
Qed.

(** ** Teachers by their normal equations *)
(** [PT] projects on the span of the features. *)
Definition projection_on {V : inner_space} (features : nat -> V) (width : nat) (PT : V -> V) : Prop :=
  orthogonal_projection PT /\ (forall x, span features width (PT x)) /\
  (forall i x, (i < width)%nat -> ip (PT (features i)) x = ip (features i) x).

Section Teacher.
Context {V : inner_space} (features : nat -> V) (width : nat) (w : nat -> R) (target : V).
Let fT := vsum w features width.
Hypothesis normal : forall i, (i < width)%nat -> Rabs (ip (features i) (vsub fT target)) <= 0.

Lemma null (x y : V) : sqnorm x = 0 -> ip x y = 0.
Proof using. intro H. pose proof (cauchy_schwarz_sqr x y) as C. rewrite H in C. nra. Qed.
Lemma span_null (g r : V) :
  span features width g -> (forall i, (i < width)%nat -> ip (features i) r = 0) -> ip g r = 0.
Proof using.
  intros [u E] H. rewrite E, ip_vsum, (rsum_ext _ (fun i => 0 * u i)), rsum_scal; [ring |].
  intros i Hi. rewrite H by trivial. ring.
Qed.
Lemma teacher_in_span : span features width fT. Proof using. now exists w. Qed.
Lemma teacher_normal (g : V) : span features width g -> ip g (vsub fT target) = 0.
Proof using normal.
  intro H. apply (span_null _ _ H). intros i Hi. specialize (normal i Hi).
  pose proof (Rabs_pos (ip (features i) (vsub fT target))). apply Rabs_eq_0. lra.
Qed.
Lemma teacher_least_squares : least_squares (span features width) target fT.
Proof using normal.
  split; [exact teacher_in_span |]. intros g Hg. pose proof (teacher_normal g Hg) as G.
  pose proof (teacher_normal fT teacher_in_span) as F. pose proof (sqnorm_pos (vsub g fT)) as P.
  revert G F P. expand. lra.
Qed.
(** No inner product can tell the teacher from [PT target]. *)
Lemma teacher_is_projection PT : projection_on features width PT -> forall x, ip fT x = ip (PT target) x.
Proof using normal.
  intros (HP & HS & HF) x. apply Rminus_diag_uniq. rewrite <- ip_sub. apply null.
  assert (D : span features width (vsub fT (PT target))).
  { destruct (span_linear features width 1 (-1) fT (PT target) teacher_in_span (HS target)) as [u E].
    exists u. intro y. rewrite <- E. expand. ring. }
  unfold sqnorm. rewrite ip_sub_r. pose proof (teacher_normal _ D) as N. rewrite ip_sub_r in N.
  assert (Q := span_null (vsub fT (PT target)) (vsub target (PT target)) D). rewrite ip_sub_r in Q.
  enough (ip (vsub fT (PT target)) target - ip (vsub fT (PT target)) (PT target) = 0) by lra.
  apply Q. intros i Hi. rewrite ip_sub_r, <- (proj1 (HP _ _)), HF by trivial. ring.
Qed.
End Teacher.

Lemma same_loss {V : inner_space} (f g target : V) :
  (forall x, ip f x = ip g x) -> sqnorm (vsub f target) = sqnorm (vsub g target).
Proof.
  intro E. assert (F : forall x, ip x f = ip x g) by (intro; now rewrite ip_sym, E, ip_sym).
  unfold sqnorm. now rewrite !ip_sub, !ip_sub_r, !E, !F.
Qed.
Lemma vsum_ext {V : inner_space} c d (e : nat -> V) n :
  (forall i, (i < n)%nat -> c i = d i) -> vsum c e n = vsum d e n.
Proof. induction n; intro H; cbn; [| rewrite IHn, H]; auto with arith. Qed.


(** Nor can a projection. *)
Lemma same_projection {V : inner_space} (P : V -> V) (f g : V) :
  orthogonal_projection P -> (forall x, ip f x = ip g x) -> sqnorm (P f) = sqnorm (P g).
Proof.
  intros HP E. assert (I : forall x y, ip (P x) (P y) = ip x (P y)).
  { intros x y. destruct (HP x y) as [A B]. now rewrite B. }
  unfold sqnorm. now rewrite !I, E, <- (proj1 (HP g f)), ip_sym, E.
Qed.
Lemma kappa_alignment_fitted {V : inner_space} features width w (target : V) (PT PS : V -> V) (k : R) :
  let fT := vsum w features width in
  (forall i, (i < width)%nat -> Rabs (ip (features i) (vsub fT target)) <= 0) ->
  projection_on features width PT -> orthogonal_projection PS -> alignment_at_most PT PS k ->
  sqnorm (PS (vsub fT target)) <= k * sqnorm (vsub fT target).
Proof.
  intros fT N HT HS K. assert (E := teacher_is_projection _ _ _ _ N PT HT). fold fT in E.
  rewrite (same_loss _ _ target E), (same_projection PS _ (vsub (PT target) target) HS).
  - now apply kappa_alignment; [apply HT | |].
  - intro x. now rewrite !ip_sub, E.
Qed.

Lemma master_bound_fitted {V : inner_space} e n S0 S1 lambda lambda_0 lambda_out t k
  features width w (target : V) (PT : V -> V) :
  let fT := vsum w features width in
  orthonormal e n -> projection_on features width PT ->
  (forall i, (i < width)%nat -> Rabs (ip (features i) (vsub fT target)) <= 0) ->
  alignment_at_most PT (eigenprojection e n S1) k -> sqnorm target = 1 ->
  sqnorm (vsub target (eigenprojection e n S0 target)) = 0 ->
  (forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> S1 i = true /\ lambda_0 <= lambda i) /\
    (S1 i = false -> lambda i <= lambda_out)) -> 0 <= t ->
  let fS := spectral_filter e n (fun i => flow_filter t (lambda i)) fT in
  sqnorm (vsub fS target) <= master_bound k (sqnorm (vsub fT target)) lambda_0 lambda_out t.
Proof.
  intros fT He HT N K U Z Hl T fS. assert (E := teacher_is_projection _ _ _ _ N PT HT). fold fT in E.
  assert (F : fS = spectral_filter e n (fun i => flow_filter t (lambda i)) (PT target)).
  { apply vsum_ext. intros i _. now rewrite (ip_sym V (e i)), E, ip_sym. }
  rewrite F, (same_loss fT _ target E). apply (master_bound_flow e n He S0 S1); trivial; [apply HT |].
  intro y. apply (null _ y) in Z. rewrite ip_sub in Z. lra.
Qed.

(** [leaked] from its recurrence over the scales. *)
Lemma leaked_sum (aligned beyond leaked_to : nat -> R) t m (p := fun i => flow_filter t (beyond i) ^ 2) :
  leaked_to O = 0 -> (forall i, leaked_to (1 + i)%nat = (p i - p (1 + i)%nat) * aligned (1 + i)%nat + leaked_to i) ->
  leaked aligned beyond t m = p m + leaked_to m.
Proof.
  intros Z H. unfold leaked. cbv zeta. rewrite Rplus_comm. f_equal. induction m; cbn [rsum]; [easy |].
  rewrite IHm. change (S m) with (1 + m)%nat. rewrite H. unfold p. ring.
Qed.
Lemma multiscale_fitted {V : inner_space} e n S0 T lambda aligned beyond m lambda_0 t k
  features width w (target : V) (PT : V -> V) :
  let fT := vsum w features width in
  orthonormal e n -> projection_on features width PT ->
  (forall i, (i < width)%nat -> Rabs (ip (features i) (vsub fT target)) <= 0) ->
  alignment_at_most PT (eigenprojection e n (T 0%nat)) k -> sqnorm target = 1 ->
  sqnorm (vsub target (eigenprojection e n S0 target)) = 0 ->
  (forall i, (i < n)%nat -> 0 <= lambda i /\ (S0 i = true -> T 0%nat i = true /\ lambda_0 <= lambda i)) -> 0 <= t ->
  (forall i j, T i j = true -> T (1 + i)%nat j = true) ->
  (forall i, alignment_at_most PT (eigenprojection e n (T i)) (aligned i) /\ aligned i <= 1) ->
  (forall i j, (j < n)%nat -> T i j = false -> lambda j <= beyond i) ->
  (forall i, beyond i >= beyond (1 + i)%nat) -> (forall i, beyond i >= 0) ->
  let fS := spectral_filter e n (fun i => flow_filter t (lambda i)) fT in
  let L := sqnorm (vsub fT target) in
  sqnorm (vsub fS target) <= (sqrt (k * L) + exp (- (lambda_0 * t)) * sqrt (1 - L)) ^ 2 + leaked aligned beyond t m * L /\
  leaked aligned beyond t m <= flow_filter t (beyond 0%nat) ^ 2.
Proof.
  intros fT He HT N K U Z Hl Ht TS A B D P fS L. assert (E := teacher_is_projection _ _ _ _ N PT HT). fold fT in E.
  assert (F : fS = spectral_filter e n (fun i => flow_filter t (lambda i)) (PT target)).
  { apply vsum_ext. intros i _. now rewrite (ip_sym V (e i)), E, ip_sym. }
  unfold L. rewrite F, (same_loss fT _ target E).
  apply (master_bound_multiscale e n He S0 (T 0%nat) T); trivial; try apply HT; intros; eauto.
  - apply (null _ y) in Z. rewrite ip_sub in Z. lra.
  - specialize (D j). specialize (P (1 + j)%nat). lra.
  - now apply Rge_le.
Qed.

(** ** The claims *)
(** Every inner product and square root is a number; two that are equal by [ring] become one. *)
Ltac numbers := unfold shrinkage_floor, quadratic_floor, bounded_floor, loss, Rminus in *.
Ltac roots := repeat match goal with
  | |- context [sqrt ?a] => match goal with |- context [sqrt ?b] =>
    tryif constr_eq a b then fail else replace (sqrt b) with (sqrt a) by (f_equal; ring) end
  | H : context [sqrt ?b] |- context [sqrt ?a] =>
    tryif constr_eq a b then fail else replace (sqrt b) with (sqrt a) in H by (f_equal; ring)
  end.
Ltac settle := numbers; roots; splits; lra.
Ltac shrinks := apply shrinkage_iff_ip; rewrite ip_sub_r; unfold sqnorm in *; lra.
Ltac shrunk S := apply shrinkage_iff_ip in S; rewrite ip_sub_r in S; unfold sqnorm in *; lra.
(** A student chain from the smallest of its links. *)
Ltac chain Hm := intros i Hi; apply shrinkage_iff_ip; pose proof (proj1 Hm i Hi); cbv beta in *; lra.

Ltac prove_def_1 :=
  intros V target fT fS a Ha; splits; [| | expand; lra | expand; lra]; intro H;
  [ apply Rle_ge, vnorm_le; assert (S : shrinkage_optimal fT fS) by shrinks; apply S; lra
  | eapply better_scale; [apply sqnorm_pos | exact (cauchy_schwarz_sqr fS fT) | lra] ].
Ltac prove_lem_1 :=
  intros V e size lambda fT time fS He m Hm M T;
  destruct (lem_1 e size He lambda time fT) as [_ S];
  [intros k Hk; specialize (Hm k Hk); lra | lra | change (shrinkage_optimal fT fS) in S; shrunk S].
Ltac prove_lem_1_filters :=
  intros V e size s fT fS He lo Hlo hi Hhi L H;
  assert (S : shrinkage_optimal fT fS) by
    (apply lem_1_filters; trivial; intros k Hk; specialize (Hlo k Hk); specialize (Hhi k Hk); lra);
  shrunk S.
Ltac prove_lem_1_convex := intros; nra.
Ltac prove_lem_1_overshoot := intros step eigenvalue momentum M; split; nra.
Ltac prove_lem_ls :=
  intros V features width w target fT r Hr ->;
  destruct (lem_ls _ target fT (span_linear features width) (teacher_least_squares _ _ _ _ Hr)) as [S E];
  revert E; clearbody fT; expand; intro; splits; lra.
Ltac prove_thm_4_1 :=
  intros V target fT fS U T S; destruct (thm_4_1 target fT fS); [exact U | shrinks | shrinks | settle].
Ltac prove_cor_1 :=
  intros V features width w target neurons size v time fT fS Hv r Hr m Hm U -> M T;
  destruct (cor_1 target fT fS); [| settle];
  split; [exact U | split; [exists features, width; exact (teacher_least_squares _ _ _ _ Hr) |]];
  exists neurons, size, v, time; splits; [lra | exact Hv | reflexivity].
Ltac prove_thm_4_1_best :=
  intros L touch; destruct thm_4_1_best as (I & E & _); split; [specialize (I L); lra |];
  unfold touch; settle.
Ltac prove_thm_4_1_sharp :=
  intros L HL theta; destruct (angle_of L) as (Ht & S & C); [lra |]; fold theta in Ht, S, C;
  destruct (Rle_lt_dec (cos theta) 0) as [Z | P];
  [ assert (E : cos theta = 0) by (pose proof (sqrt_pos (1 - L)); lra); rewrite E in *;
    assert (X : L = 1) by (symmetry in C; apply sqrt_eq_0 in C; lra); rewrite X;
    replace ((1 - 1) * _) with 0 by ring; rewrite sqrt_0; lra
  | rewrite (nearest_turn theta P), S; settle ].
Lemma ip_nothing {V : inner_space} (x w : V) : sqnorm w = 0 -> ip x w = 0.
Proof.
  intro H. pose proof (cauchy_schwarz_sqr x w) as C. rewrite H, Rmult_0_r in C.
  apply Rsqr_0_uniq, Rle_antisym; [exact C | apply Rle_0_sqr].
Qed.
Ltac prove_thm_4_1_needs_teacher :=
  intros V target fT fS g U T S G;
  assert (T' : sqnorm (vsub fT (vscale g target)) = 0) by (rewrite <- T; expand; ring);
  pose proof (ip_nothing target _ T') as A; pose proof (ip_nothing fT _ T') as B;
  pose proof (ip_nothing target _ S) as C; pose proof (ip_nothing fT _ S) as D;
  pose proof (ip_nothing fS _ S) as E; assert (0 < (g - 1) ^ 4) by (apply pow_lt; lra);
  assert (X : sqnorm (vsub fT target) = (g - 1) ^ 2)
    by (clear T T' S; revert U A B; expand; intros U A B; nra);
  rewrite X, S; revert U A B C D E; clear T T' S X; expand; intros; splits; nra.
Ltac prove_thm_4_2 :=
  intros V target fT fS U T B; destruct (thm_4_2 target fT fS); [exact U | shrinks | now apply vnorm_le | settle].
Ltac prove_thm_4_2_sharp :=
  intros V target fT fS U N [A B]; pose proof (sqnorm_pos fT); pose proof (sqnorm_pos (vsub fT target));
  set (L := sqnorm (vsub fT target)) in *; destruct (thm_4_2_sharp L) as [Q _]; [lra |]; split;
  [ replace (sqnorm (vsub fS target)) with (sqnorm fS - 2 * ip fS target + sqnorm target) by (expand; ring);
    rewrite A, B, U, <- N; pose proof (sqrt_sqrt (sqnorm fT)); nra
  | replace (_ * / _) with ((L / (2 - L)) ^ 2) by (field; lra); exact Q ].
Ltac prove_cor_2 :=
  intros V target f n fT fS Hn m Hm U T M; subst fT fS;
  assert (C : student_chain f n) by chain Hm;
  destruct (cor_2 target f n U); [shrinks | exact C |];
  split; [apply vnorm_le, chain_norm, C | settle].
Ltac objective :=
  intro phi; unfold chain_objective; rewrite ?Nat.mul_add_distr_l, ?pow_add, ?plus_INR;
  cbn [INR Nat.mul Nat.add]; rewrite <- (cos_neg (_ - _)), Ropp_minus_distr, ?pow_1;
  repeat match goal with |- context [cos (?a - ?b)] => match goal with |- context [cos (a - ?c)] =>
    tryif constr_eq b c then fail else replace c with b by ring end end; ring.
Ltac minimum H := eapply minimum_ext; [exact H | reflexivity | cbn [INR]; rewrite ?plus_INR; cbn [INR]; unfold Rdiv; rewrite ?Rinv_1; ring | objective].
Ltac prove_nstep :=
  intros V target f n fT fS Hn m Hm U T M theta; subst fT fS;
  destruct (teacher_range target (f O) U) as [HL _]; [shrinks |];
  destruct (angle_of _ HL) as (Ht & S & _); change (asin _) with theta in Ht, S;
  destruct (nstep theta n Ht Hn) as [[k Hk] B]; exists k; split; [minimum Hk |];
  apply Rle_ge, (B k V target f Hk U); [shrinks | chain Hm | symmetry; exact S].
Ltac prove_nstep_ends :=
  intros L n Hn HL theta; destruct (angle_of L) as (Ht & S & _); [lra |]; fold theta in Ht, S;
  destruct (nstep_ends theta Ht) as (A & _ & E); rewrite S in *;
  destruct (proj1 (nstep theta n Ht Hn)) as [m Hm];
  destruct (proj1 (nstep theta (n + 1) Ht ltac:(lia))) as [m' Hm'];
  destruct (E n m m' Hn Hm Hm') as (E1 & E2 & E3);
  exists (shrinkage_floor L); split; [minimum A |]; exists m; split; [minimum Hm |];
  exists m'; split; [minimum Hm' |];
  assert (INR n <> 0) by (apply not_0_INR; lia);
  replace (1 - cos theta * _) with (- ((1 - 1 / 2 * / INR n * theta ^ 2) * cos theta) + 1) in E3 by (field; trivial);
  settle.
Ltac prove_nstep_sharp :=
  intros angle n phi target f fT fS Hn Ha m Hm _ _ _ theta;
  destruct (nstep_sharp angle phi n) as (_ & _ & _ & E & F);
  assert (X : theta = angle) by (unfold theta; change (sqnorm (vsub fT target)) with (loss (f O) unit_x);
    unfold f; rewrite E, <- Rsqr_pow2, sqrt_Rsqr by (apply sin_ge_0; lra); apply asin_sin; lra);
  rewrite X; split;
  [ change (sqnorm (vsub fS target)) with (loss (f n) unit_x); unfold f; rewrite F; symmetry; revert phi f fT fS m Hm F E theta X; intro phi; intros _ _ _ _ _ _ _ _ _; revert phi; objective
  | destruct Hm as [_ (i & _ & I)]; rewrite <- I; apply spiral_link ].
Ltac prove_err_1 :=
  intros L c beta Hc Hb (B & L1 & L0);
  assert (Q : 0 < 3 / 4 * / c) by (apply Rmult_lt_0_compat; [lra | now apply Rinv_0_lt_compat]);
  rewrite power_pos in B by exact Q; rewrite !power_pos by lra;
  assert (A : c * Rpower L beta < quadratic_floor L) by
    (apply above_power; try lra; replace (3 / (4 * c)) with (3 / 4 * / c) by (field; lra); lra);
  pose proof (quadratic_le_shrinkage L ltac:(lra)); settle.
Ltac prove_relu_sphere :=
  destruct relu_sphere as (A & B & C & D & E & F & G & H & I & J);
  splits; match goal with K : coefficient _ _ _ ?a |- is_RInt _ 0 1 ?a => solve [
    apply coefficient_half in K; refine (is_RInt_ext _ _ _ _ _ _ K); intros t _;
    unfold gegenbauer, density_3, density_5; cbn; field] end.
Ltac prove_kappa_alignment :=
  intros V features width w target PT PS fT HT HS r Hr k Hk ->; rewrite Rmult_comm;
  now apply (kappa_alignment_fitted features width w target PT PS).
Ltac prove_master_bound_flow :=
  intros V e n lambda S0 S1 features width w target PT t fT PS fS He HT HS r Hr m Hm k Hk l Hl o Ho U -> Z M T;
  assert (B : sqnorm (vsub fS target) <= master_bound k (sqnorm (vsub fT target)) l o t) by
    (refine (master_bound_fitted e n S0 S1 lambda l o t k features width w target PT He HT Hr Hk U Z _ _);
     [| lra]; intros i Hi; specialize (Hm i Hi); splits; intros; auto; lra);
  unfold master_bound in B; replace (k * _) with (sqnorm (vsub fT target) * k) in B by ring;
  rewrite (Rmult_comm (exp _)) in B; rewrite !Ropp_mult_distr_l in *; lra.
Ltac prove_master_bound_multiscale :=
  intros V e n lambda S0 T aligned beyond leaked_to scales features width w target PT t fT PS fS He HT H0 TS A B
    D P Z N r Hr m Hm k Hk l Hl o Ho x Hx U -> Y M M';
  assert (X : x = leaked aligned beyond t scales) by
    (rewrite (leaked_sum _ _ leaked_to) by (trivial; intro; rewrite N; unfold flow_filter; rewrite !(Rmult_comm t); ring);
     rewrite Hx; unfold flow_filter; now rewrite (Rmult_comm t));
  destruct (multiscale_fitted e n S0 T lambda aligned beyond scales l t k features width w target PT He HT
    Hr Hk U Y) as [Q1 Q2]; trivial; try lra;
  [ intros i Hi; specialize (Hm i Hi); splits; intros; auto; lra | ];
  rewrite <- X in Q1, Q2; rewrite Ho in Q2; rewrite Ropp_mult_distr_l in *; split; [| exact Q2];
  fold fT in Q1; replace (k * _) with (sqnorm (vsub fT target) * k) in Q1 by ring;
  rewrite (Rmult_comm (exp _)) in Q1; apply Rle_trans with (1 := Q1); lra.
